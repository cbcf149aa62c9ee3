// Gives each figure that has frames a slider beneath its picture, and a button that plays them
// where motion is welcome. What changes from frame to frame is fetched when the figure comes near,
// as a script, since files that are opened without a server may fetch nothing else. Without scripts
// the still is shown.
const SECONDS = 6;
const still = matchMedia("(prefers-reduced-motion: reduce)");

const here = document.currentScript.src;
const arrivals = new Map();
window.cvFrames = (changes) => arrivals.get(document.currentScript)(changes);

const element = (name, properties) => Object.assign(document.createElement(name), properties);

document.querySelectorAll("script.cv-frames").forEach((script, number) => {
  const { label, frames, still: rest, loop } = JSON.parse(script.textContent);
  let parts = [];
  const id = `cv-player-${number + 1}`;
  const player = element("div", { className: "cv-player" });
  const button = element("button", { type: "button", textContent: "Play" });
  const name = element("label", { htmlFor: id, textContent: label });
  const slider = element("input", { id, type: "range", min: 0, max: frames.length - 1, step: 1 });
  // The slider says the frame itself; a live region would say it again.
  const shown = element("output", { htmlFor: id, ariaLive: "off" });
  slider.value = rest;

  const draw = (frame) => {
    for (const { target, attribute, values } of parts) {
      target.setAttribute(attribute, values[frame]);
    }
  };
  const say = () => {
    shown.textContent = frames[slider.value];
    slider.setAttribute("aria-valuetext", frames[slider.value]);
  };
  const show = () => {
    draw(slider.valueAsNumber);
    say();
  };

  let playing = 0;
  const pause = () => {
    cancelAnimationFrame(playing);
    playing = 0;
    button.textContent = "Play";
  };
  const play = () => {
    const last = frames.length - 1;
    const from = slider.valueAsNumber < last ? slider.valueAsNumber : 0;
    const pace = (SECONDS * 1000) / frames.length;
    let start;
    const step = (now) => {
      start ??= now;
      const frame = from + Math.floor((now - start) / pace);
      const next = loop ? frame % frames.length : Math.min(frame, last);
      if (next !== slider.valueAsNumber) {
        slider.value = next;
        show();
      }
      if (!loop && next === last) pause();
      else playing = requestAnimationFrame(step);
    };
    button.textContent = "Pause";
    playing = requestAnimationFrame(step);
  };
  button.addEventListener("click", () => (playing ? pause() : play()));
  slider.addEventListener("input", () => {
    pause();
    show();
  });
  const welcome = () => {
    if (still.matches) pause();
    button.hidden = still.matches;
  };
  still.addEventListener("change", welcome);
  // On paper it is the still that the text speaks of.
  addEventListener("beforeprint", () => {
    pause();
    draw(rest);
  });
  addEventListener("afterprint", show);

  welcome();
  say();
  player.append(button, name, slider, shown);
  script.before(player);

  const arrive = (changes) => {
    parts = changes.map(({ id, ...change }) => ({ target: document.getElementById(id), ...change }));
    draw(slider.valueAsNumber);
    delete script.dataset.changes;
  };
  const near = new IntersectionObserver(
    ([{ isIntersecting }]) => {
      if (!isIntersecting) return;
      near.disconnect();
      const src = new URL(script.dataset.changes, here).href;
      // A slider that moves nothing is worse than none.
      const file = element("script", { src, onerror: () => player.remove() });
      arrivals.set(file, arrive);
      document.head.append(file);
    },
    { rootMargin: "100%" },
  );
  near.observe(player);
});
