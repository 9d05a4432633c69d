// The definition explorer: shows what the ledger has under the definition and rules chosen.
// Nothing is computed here but places in the drawing; all numbers stand in the page.
"use strict";
for (const root of document.querySelectorAll("[data-explorer]")) {
  const { years, ages, series } = JSON.parse(root.querySelector("script").textContent);
  const dutch = document.documentElement.lang === "nl";
  const form = root.querySelector("form");
  const { definition, age, joint, framework, date } = form.elements;
  const words = root.dataset;

  const share = (perMille) => {
    const whole = Math.trunc(perMille / 10), tenth = perMille % 10;
    return dutch ? `${whole},${tenth}\u00a0%` : `${whole}.${tenth}%`;
  };
  const count = (n) => n.toLocaleString(dutch ? "nl-BE" : "en-GB");
  const known = (value, write) => (value === null ? words.unknown : write(value));
  const span = ([, low, high]) => (low === null ? words.unknown : `${share(low)}\u2013${share(high)}`);

  const name = () => (definition.value === "curve" ? `younger-than-${age.value}` : definition.value);
  const rules = () => `joint=${joint.value},framework=${framework.value},date=${date.value}`;
  const headline = "joint=fractional,framework=in,date=contract";

  const drawn = (values) => {
    const [wide, high, left, base] = [660, 250, 46, 218];
    const top = Math.max(100, ...values.map((one) => (one && one[2]) || 0));
    const most = Math.ceil(top / 100) * 100;
    const y = (perMille) => base - (perMille / most) * (base - 12);
    const step = (wide - left) / years.length;
    const parts = [];
    for (let line = 0; line <= 4; line += 1) {
      const at = (most * line) / 4;
      parts.push(`<line x1="${left}" x2="${wide}" y1="${y(at)}" y2="${y(at)}" class="grid"/>`);
      parts.push(`<text x="${left - 6}" y="${y(at) + 4}" text-anchor="end">${share(Math.round(at))}</text>`);
    }
    years.forEach((year, place) => {
      const x = left + step * (place + 0.5), one = values[place];
      parts.push(`<text x="${x}" y="${base + 20}" text-anchor="middle">${year}</text>`);
      if (one && one[1] !== null) {
        parts.push(`<rect x="${x - 8}" width="16" y="${y(one[2])}" height="${Math.max(1, y(one[1]) - y(one[2]))}"/>`);
      }
      if (one && one[0] !== null) parts.push(`<circle cx="${x}" cy="${y(one[0])}" r="5"/>`);
    });
    return `<svg viewBox="0 0 ${wide} ${high}" aria-hidden="true">${parts.join("")}</svg>`;
  };

  const show = () => {
    const curve = definition.value === "curve";
    age.disabled = !curve;
    age.nextElementSibling.textContent = age.value;
    const fixed = !(`${name()},joint=any,framework=in,date=contract` in series);
    for (const one of [joint, framework, date]) one.disabled = fixed;
    root.querySelector(".fixed").hidden = !fixed;
    const values = series[`${name()},${fixed ? headline : rules()}`] || years.map(() => null);
    root.querySelector(".drawing").innerHTML = drawn(values);
    root.querySelector("tbody").innerHTML = years.map((year, place) => {
      const one = values[place];
      const cells = one
        ? [known(one[0], share), span(one), known(one[3], count), known(one[4], count)]
        : [words.withheld, "", "", ""];
      return `<tr><th scope="row">${year}</th>${cells.map((cell) => `<td class="right">${cell}</td>`).join("")}</tr>`;
    }).join("");
    const last = values.findLastIndex((one) => one);
    root.querySelector("[role=status]").textContent = last < 0
      ? words.withheld
      : `${years[last]}: ${known(values[last][0], share)} (${span(values[last])})`;
  };

  age.min = ages[0];
  age.max = ages[ages.length - 1];
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  root.hidden = false;
  show();
}
