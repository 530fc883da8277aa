/* Improves what already works without it: facets apply at once, the menu closes, an address is copied. */
"use strict";

/* A page of this site as a document, or null. Not with fetch: no text may become markup here (Trusted Types). */
function pageAt(url) {
  return new Promise((tell) => {
    const request = new XMLHttpRequest();
    request.open("GET", url);
    request.responseType = "document";
    request.addEventListener("loadend", () => tell(request.status === 200 ? request.response : null));
    request.send();
  });
}

/* Facets: fetch the same address the form would open and exchange the results; the focus stays where it is. */
function liveFacets(form) {
  const results = document.querySelector("[data-results]");
  if (!results) return;
  let latest = 0;
  let shown = location.search;
  async function apply(url) {
    const turn = ++latest;
    results.setAttribute("aria-busy", "true");
    const fresh = await pageAt(url);
    if (!fresh) {
      location.assign(url);
      return;
    }
    if (turn !== latest) return;
    for (const part of document.querySelectorAll("[data-live]")) {
      const other = fresh.querySelector(`[data-live="${part.dataset.live}"]`);
      if (other) part.replaceWith(document.adoptNode(other));
    }
    const found = fresh.querySelector("[data-results]");
    if (!found) return location.assign(url);
    results.replaceChildren(...found.childNodes);
    results.removeAttribute("aria-busy");
    const status = document.querySelector("[data-status]");
    const count = results.querySelector("#result");
    if (status && count) status.textContent = count.textContent;
    history.pushState({}, "", url);
    shown = location.search;
  }
  function address() {
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (!value) data.delete(name);
    const query = new URLSearchParams(data).toString();
    return form.action.split("?")[0] + (query ? `?${query}` : "");
  }
  form.addEventListener("change", (event) => {
    if (event.target.matches("[type=checkbox], [type=radio], select")) apply(address());
  });
  form.addEventListener("submit", (event) => {
    if (!form.reportValidity()) return;
    event.preventDefault();
    apply(address());
  });
  // Back and forward between results load them anew; a step to an anchor of this page does not.
  addEventListener("popstate", () => {
    if (location.search !== shown) location.reload();
  });
}

/* The menu of a narrow screen closes with Escape and on a press beside it. */
function closingMenu(menu) {
  const close = () => { menu.open = false; };
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) {
      close();
      menu.querySelector("summary").focus();
    }
  });
  document.addEventListener("click", (event) => {
    if (menu.open && !menu.contains(event.target)) close();
  });
}

/* Names while one types: a combobox with a list (WAI-ARIA); without it the form works as it is. */
function suggestions(form) {
  const input = form.querySelector("input[type=search]");
  const status = form.querySelector("[data-count]");
  const list = document.createElement("ul");
  let chosen = -1;
  let turn = 0;
  let timer;
  list.id = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-labelledby", "search-label");
  form.append(list);
  const set = (name, value) => input.setAttribute(`aria-${name}`, value);
  input.setAttribute("role", "combobox");
  set("autocomplete", "list");
  set("controls", list.id);
  function close() {
    turn += 1;
    chosen = -1;
    list.hidden = true;
    set("expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }
  function take(option) {
    input.value = option.textContent;
    close();
    form.requestSubmit();
  }
  async function offer() {
    const typed = input.value.trim();
    if (!typed) return close();
    const own = ++turn;
    let names;
    try {
      const answer = await fetch(`${form.dataset.suggestions}?q=${encodeURIComponent(typed.slice(0, 60))}`);
      ({ names } = await answer.json());
    } catch {
      return close();
    }
    if (own !== turn || document.activeElement !== input) return;
    chosen = -1;
    input.removeAttribute("aria-activedescendant");
    list.replaceChildren(...names.map((name, number) => {
      const option = document.createElement("li");
      option.id = `suggestion-${number}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.textContent = name;
      return option;
    }));
    list.hidden = !names.length;
    set("expanded", String(names.length > 0));
    status.textContent = names.length ? status.dataset.some + names.length : status.dataset.none;
  }
  input.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(offer, 150);
  });
  input.addEventListener("compositionend", () => { timer = setTimeout(offer, 150); });
  input.addEventListener("keydown", (event) => {
    const options = [...list.children];
    if (event.isComposing || list.hidden) return;
    if (event.key === "Escape") {
      event.preventDefault();
      close();
    } else if (event.key === "Enter" && chosen >= 0) {
      event.preventDefault();
      take(options[chosen]);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const places = options.length + 1;
      chosen = (chosen + 1 + (event.key === "ArrowDown" ? 1 : -1) + places) % places - 1;
      options.forEach((option, number) => option.setAttribute("aria-selected", String(number === chosen)));
      if (chosen < 0) input.removeAttribute("aria-activedescendant");
      else set("activedescendant", options[chosen].id);
    }
  });
  input.addEventListener("blur", close);
  list.addEventListener("mousedown", (event) => {
    event.preventDefault(); /* the box keeps the focus */
    if (event.target.matches("[role=option]")) take(event.target);
  });
  set("expanded", "false");
}

function copyLink(button) {
  if (!navigator.clipboard) return;
  const status = document.getElementById(button.getAttribute("aria-describedby"));
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(location.href);
    status.textContent = button.dataset.done;
  });
}

/* A notice leaves at its end, also where the page stays open or was kept offline. */
function leavingNotice(notice) {
  const left = Date.parse(notice.dataset.until) - Date.now();
  /* Timers hold 31 bits of milliseconds. */
  if (left < 2 ** 31) setTimeout(() => notice.remove(), Math.max(left, 0));
}

/* The emergency page is kept for the time without a network; the attribute is missing where that is switched off. */
const { worker } = document.currentScript.dataset;
if (worker && navigator.serviceWorker) {
  /* The only address that a script is loaded from by script: the one the server wrote. */
  const address = window.trustedTypes
    ? trustedTypes.createPolicy("worker", { createScriptURL: () => worker }).createScriptURL("")
    : worker;
  navigator.serviceWorker.register(address).catch(() => {});
}

document.querySelectorAll("[data-until]").forEach(leavingNotice);
document.querySelectorAll("form[data-facets]").forEach(liveFacets);
document.querySelectorAll("form[data-suggestions]").forEach(suggestions);
document.querySelectorAll("details.menu").forEach(closingMenu);
document.querySelectorAll("button[data-copy]").forEach(copyLink);
