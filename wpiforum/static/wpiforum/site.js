/* Improves what already works without it: facets apply at once, the menu closes, an address is copied. */
"use strict";

/* Facets: fetch the same address the form would open and exchange the results; the focus stays where it is. */
function liveFacets(form) {
  const results = document.querySelector("[data-results]");
  if (!results || !window.fetch) return;
  let latest = 0;
  let shown = location.search;
  async function apply(url) {
    const turn = ++latest;
    results.setAttribute("aria-busy", "true");
    let fresh;
    try {
      const answer = await fetch(url, { headers: { Accept: "text/html" }, credentials: "same-origin" });
      if (!answer.ok) throw new Error(answer.status);
      fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch {
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
if (worker && navigator.serviceWorker) navigator.serviceWorker.register(worker).catch(() => {});

document.querySelectorAll("[data-until]").forEach(leavingNotice);
document.querySelectorAll("form[data-facets]").forEach(liveFacets);
document.querySelectorAll("details.menu").forEach(closingMenu);
document.querySelectorAll("button[data-copy]").forEach(copyLink);
