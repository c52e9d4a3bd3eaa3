// Puts the chosen theme on the page before anything is drawn. A plain script: it must not wait.
try {
  const kept = JSON.parse(localStorage.getItem("contactcenter.settings") ?? "{}");
  if (kept.theme === "light" || kept.theme === "dark") {
    document.documentElement.dataset.theme = kept.theme;
  }
} catch {
  // Nothing is kept, or nothing may be: the system's theme it is.
}
