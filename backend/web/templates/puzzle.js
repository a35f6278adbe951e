/* Solves the page's puzzle while the form is filled in, so that the report goes to the queue at once. */
(async () => {
  const form = document.querySelector("form[data-puzzle]");
  if (!form || !window.crypto || !crypto.subtle) return;
  const puzzle = form.dataset.puzzle, coder = new TextEncoder();
  for (let number = 0; number < 5e6; number += 1) {
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", coder.encode(puzzle + ":" + number)));
    if (digest[0] === 0 && digest[1] === 0) {
      form.elements.answer.value = String(number);
      return;
    }
  }
})();
