// The definition explorer: shows what the ledger has under the definition and rules chosen.
// Nothing is computed here but places in the drawing; all numbers stand in the page.
"use strict";
for (const root of document.querySelectorAll("[data-explorer]")) {
  const { years, ages, series, breaks } = JSON.parse(root.querySelector("script").textContent);
  const dutch = document.documentElement.lang === "nl";
  const form = root.querySelector("form");
  const { definition, age, joint, framework, date, innovation } = form.elements;
  const words = root.dataset;

  const share = (perMille) => {
    const whole = Math.trunc(perMille / 10), tenth = perMille % 10;
    return dutch ? `${whole},${tenth}\u00a0%` : `${whole}.${tenth}%`;
  };
  const count = (n) => n.toLocaleString(dutch ? "nl-BE" : "en-GB");
  const known = (value, write) => (value === null ? words.unknown : write(value));
  const span = ([, low, high]) => (low === null ? words.unknown : `${share(low)}\u2013${share(high)}`);
  // A year is withheld, has no lots, has bounds alone or a share: what is missing has a word.
  const lacks = (one) => {
    if (one === null) return words.withheld;
    if (one[1] === null) return words.none;
    return one[0] === null ? words.unknown : "";
  };

  const name = () => (definition.value === "curve" ? `younger-than-${age.value}` : definition.value);
  // What the reader chose; a control that is out of use shows the choice of the headline.
  const rules = [joint, framework, date, innovation].filter((one) => one);
  const chosen = new Map(rules.map((one) => [one, one.value]));
  const headline = new Map(rules.map((one) => [one, one.options[0].value]));
  const use = (one, usable) => {
    one.disabled = !usable;
    one.value = (usable ? chosen : headline).get(one);
  };
  const under = (choice) => [joint, framework, date].map((one) => `${one.name}=${choice(one)}`).join(",");

  const text = (x, y, word, more = "") => `<text x="${x}" y="${y}" text-anchor="middle" ${more}>${word}</text>`;
  const drawn = (values) => {
    const [wide, high, left, top, base] = [660, 266, 46, 28, 234];
    const largest = Math.max(100, ...values.map((one) => (one && one[2]) || 0));
    const most = Math.ceil(largest / 100) * 100;
    const y = (perMille) => base - (perMille / most) * (base - top);
    const step = (wide - left) / years.length;
    const parts = [`<defs><pattern id="explorer-open" width="7" height="7" patternUnits="userSpaceOnUse"
      patternTransform="rotate(45)"><line y2="7" class="hatch"/></pattern></defs>`];
    for (let line = 0; line <= 4; line += 1) {
      const at = (most * line) / 4;
      parts.push(`<line x1="${left}" x2="${wide}" y1="${y(at)}" y2="${y(at)}" class="grid"/>`);
      parts.push(`<text x="${left - 6}" y="${y(at) + 4}" text-anchor="end">${share(Math.round(at))}</text>`);
    }
    years.forEach((year, place) => {
      const x = left + step * (place + 0.5), one = values[place], lack = lacks(one);
      parts.push(text(x, base + 20, year));
      if (lack) parts.push(`<rect x="${x - step * 0.4}" width="${step * 0.8}" y="${top}" height="${base - top}" class="open"/>`);
      if (one && one[1] !== null) {
        parts.push(`<rect x="${x - 8}" width="16" y="${y(one[2])}" height="${Math.max(1, y(one[1]) - y(one[2]))}"/>`);
      }
      if (lack) parts.push(text(0, 4, lack, `class="lack" transform="translate(${x} ${(base + top) / 2}) rotate(-90)"`));
      else parts.push(`<circle cx="${x}" cy="${y(one[0])}" r="5"/>`);
    });
    breaks.forEach(({ at, title }) => {
      const x = left + step * at;
      parts.push(`<line x1="${x}" x2="${x}" y1="${top - 2}" y2="${base}" class="break"/>`);
      title.split("\n").reverse().forEach((line, up) => parts.push(text(x, top - 6 - 11 * up, line)));
    });
    const middle = [(left + wide) / 2, (base + top) / 2];
    if (words.mark) parts.push(text(...middle, words.mark, `class="watermark" transform="rotate(-12 ${middle})"`));
    return `<svg viewBox="0 0 ${wide} ${high}" aria-hidden="true">${parts.join("")}</svg>`;
  };

  const show = () => {
    const curve = definition.value === "curve";
    age.disabled = !curve;
    age.nextElementSibling.textContent = age.value;
    if (innovation) use(innovation, `${name()},innovation=marked` in series);
    const marked = innovation !== undefined && innovation.value === "marked";
    const told = `${name()},joint=any,framework=in,date=contract` in series;
    for (const one of [joint, framework, date]) use(one, told && !marked);
    root.querySelector(".fixed").hidden = told;
    root.querySelector(".marked").hidden = !marked;
    const key = marked ? "innovation=marked" : under((one) => one.value);
    const values = series[`${name()},${key}`] || years.map(() => null);
    root.querySelector(".drawing").innerHTML = drawn(values);
    root.querySelector("tbody").innerHTML = years.map((year, place) => {
      const one = values[place];
      const cells = one && one[1] !== null
        ? [known(one[0], share), span(one), known(one[3], count), known(one[4], count)]
        : [lacks(one), "", "", ""];
      return `<tr><th scope="row" class="left">${year}</th>${cells.map((cell) => `<td class="right">${cell}</td>`).join("")}</tr>`;
    }).join("");
    const last = values.findLastIndex((one) => one && one[1] !== null);
    root.querySelector("[role=status]").textContent = last < 0
      ? words.withheld
      : `${years[last]}: ${known(values[last][0], share)} (${span(values[last])})`;
  };

  age.min = ages[0];
  age.max = ages[ages.length - 1];
  form.addEventListener("input", ({ target }) => {
    if (chosen.has(target)) chosen.set(target, target.value);
    show();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  root.hidden = false;
  show();
}
