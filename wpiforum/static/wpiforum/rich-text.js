// The editor of rich texts on staff pages. The text area stays the form's field; without scripts it holds HTML.
import {
  Bold,
  BulletList,
  crel,
  Document,
  Editor,
  Gapcursor,
  HardBreak,
  Heading,
  History,
  Italic,
  Link,
  ListItem,
  Menu,
  OrderedList,
  Paragraph,
  Text,
} from "django-prose-editor/editor";

const groups = ["nodes", "marks", "link", "history"].map((group) => ({ group }));

function name(button, labels) {
  const label = labels[button.dataset.name];
  if (label) {
    button.title = label;
    button.setAttribute("aria-label", label);
  }
}

function edit(textarea) {
  const { labels, words } = JSON.parse(textarea.dataset.richText);
  if (window.django.catalog) {
    Object.assign(window.django.catalog, words); // what the link dialog asks gettext for; in English it asks nobody
  }
  const box = crel("div", { className: "prose-editor" });
  textarea.before(box);
  box.append(textarea);
  const label = document.querySelector(`label[for="${textarea.id}"]`);
  new Editor({
    element: box,
    // Its base styles are in admin.css: the security policy refuses a style element.
    injectCSS: false,
    content: textarea.value,
    editorProps: {
      attributes: {
        role: "textbox",
        "aria-multiline": "true",
        "aria-label": label ? label.textContent.replace(/[:：]$/, "") : textarea.name,
        lang: textarea.lang,
      },
    },
    extensions: [
      Document,
      Paragraph,
      Text,
      Heading.configure({ levels: [3, 4] }),
      BulletList,
      OrderedList.configure({ enableListAttributes: false }),
      ListItem,
      HardBreak,
      Bold,
      Italic,
      Link.configure({ enableTarget: false, autolink: false, protocols: ["http", "https", "mailto", "tel"] }),
      History,
      Gapcursor,
      Menu.configure({ groups }),
    ],
    onCreate() {
      // After the menu, which is made in answer to the same event.
      setTimeout(() => box.querySelectorAll("button[data-name]").forEach((button) => name(button, labels)));
    },
    onUpdate({ editor }) {
      textarea.value = editor.isEmpty ? "" : editor.getHTML();
      textarea.dispatchEvent(new Event("input", { bubbles: true }));
    },
  });
  if (label) {
    label.addEventListener("click", () => box.querySelector("[contenteditable]").focus());
  }
}

document.querySelectorAll("textarea[data-rich-text]").forEach(edit);
