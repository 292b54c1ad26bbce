(settings, behaviour) => {
  "use strict";
  // The picture is an <img>; only as a part of the page can it be moved.
  const inlined = (image) => {
    const bytes = Uint8Array.from(atob(image.src.split(",")[1]), (c) => c.charCodeAt(0));
    const text = new TextDecoder().decode(bytes);
    const parsed = new DOMParser().parseFromString(text, "image/svg+xml");
    return document.importNode(parsed.documentElement, true);
  };

  const make = (tag, style, ...children) => {
    const element = document.createElement(tag);
    element.style.cssText = style;
    element.append(...children);
    return element;
  };

  const control = ({ name, min, max, step, value }) => {
    const input = make("input", "flex:1;min-width:4em;margin:0 0.6em;color-scheme:light dark");
    // The value comes last: it is held to the range.
    for (const [key, setting] of Object.entries({ type: "range", min, max, step, value })) {
      input.setAttribute(key, setting);
    }
    // JupyterLab would take the arrow keys for its own, and fold a section away.
    input.setAttribute("data-lm-suppress-shortcuts", "true");
    const says = make("span", "min-width:4em");
    const label = make("label", "display:flex;align-items:center", name, input, says);
    return { input, says, label };
  };

  const start = async (root) => {
    const image = root.querySelector("img");
    const svg = inlined(image);
    const move = await behaviour(settings.data, (name) => [
      ...svg.querySelectorAll(`[data-part="${name}"]`),
    ]);
    if (!move) return;

    const rows = settings.rows.map((row) => row.map(control));
    const controls = rows.flat();
    const words = make("output", "display:block;margin:0.3em 0");
    words.setAttribute("aria-live", "polite");
    const update = () => {
      const { sentence, values } = move(controls.map(({ input }) => Number(input.value)));
      controls.forEach(({ input, says }, i) => {
        says.textContent = values[i];
        input.setAttribute("aria-valuetext", values[i]);
      });
      svg.querySelector("desc").textContent = sentence;
      words.textContent = sentence;
    };
    controls.forEach(({ input }) => input.addEventListener("input", update));

    const line = (row) => {
      // Side by side where there is room for each, else below one another.
      const columns = "grid-template-columns:repeat(auto-fit,minmax(12em,1fr))";
      const style = `display:grid;${columns};gap:0 1em;max-width:720px`;
      return make("div", style, ...row.map(({ label }) => label));
    };
    image.replaceWith(svg);
    svg.after(...rows.map(line), words);
    update();
  };

  const places = document.querySelectorAll(`[data-sliders="${settings.id}"]:not([data-started])`);
  places.forEach((root) => {
    root.dataset.started = "";
    start(root).catch((error) => console.error("a figure with sliders:", error));
  });
}
