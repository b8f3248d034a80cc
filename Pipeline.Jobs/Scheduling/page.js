// The page is whole without this: it only fetches itself again while something may change, and keeps the place of the reader.
(function () {
  "use strict";
  async function again() {
    if (document.hidden) { return; }
    try {
      const answer = await fetch(location.href, { credentials: "same-origin", redirect: "manual" });
      if (!answer.ok) { return; }
      const next = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
      const now = document.querySelector("main");
      if (next && now && next.innerHTML !== now.innerHTML && !now.contains(document.activeElement)) { now.replaceWith(next); }
    } catch (e) { /* the node is away for the moment: the page stays as it was, and the next look may succeed */ }
  }
  setInterval(again, 5000);
})();
