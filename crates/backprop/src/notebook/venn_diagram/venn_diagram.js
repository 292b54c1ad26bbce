(data, parts) => {
  const [left, top, right, bottom] = data.area;
  const [low, high] = data.range;
  const corners = [[left, top], [right, top], [right, bottom], [left, bottom]];
  const along = (share) => low + share * (high - low);
  const units = (values) => {
    const sum = ([w1, w2, b]) => ({ w1, w2, b, z: (x, y) => w1 * x + w2 * y + b });
    return parts("line").map((_, i) => sum(values.slice(3 * i, 3 * i + 3)));
  };
  const at = ({ z }) => ([x, y]) =>
    z(along((x - left) / (right - left)), along((bottom - y) / (bottom - top)));

  // The point between two others where `side` changes its sign, if there is one.
  const crossing = (from, to, side) => {
    const [a, b] = [side(from), side(to)];
    const between = (i) => from[i] + (a / (a - b)) * (to[i] - from[i]);
    return a >= 0 === b >= 0 ? [] : [[between(0), between(1)]];
  };
  // The part of a polygon, or of a line, on which `side` is not negative.
  const clipped = (points, side) =>
    points.flatMap((point, i) => {
      const kept = side(point) >= 0 ? [point] : [];
      const last = points.length === 2 && i === 1; // a line has one side, not two
      return last ? kept : [...kept, ...crossing(point, points[(i + 1) % points.length], side)];
    });

  const listed = (points) => points.map((point) => point.map((v) => v.toFixed(1)).join(",")).join(" ");
  const drawActive = (group, unit, i) => {
    const lines = data.hatching[i].map((line) => clipped(line, at(unit)));
    const path = lines.filter((line) => line.length === 2).map((line) => `M${line.join("L")}`);
    group.querySelector("polygon").setAttribute("points", listed(clipped(corners, at(unit))));
    group.querySelector("path").setAttribute("d", path.join(""));
  };
  const drawLine = (group, unit, i) => {
    const ends = corners.flatMap((corner, k) => crossing(corner, corners[(k + 1) % 4], at(unit)));
    group.setAttribute("display", ends.length ? "inline" : "none");
    if (!ends.length) return;
    const [from, to] = [ends[0], ends.at(-1)];
    const share = 0.3 + 0.4 * (i % 2); // arrows of lines that cross in the middle stand apart
    const foot = [0, 1].map((k) => from[k] + share * (to[k] - from[k]));
    const angle = (Math.atan2(-unit.w2, unit.w1) * 180) / Math.PI;
    group.querySelector("polyline").setAttribute("points", listed([from, to]));
    const [arrow, number] = group.querySelectorAll("g");
    arrow.setAttribute("transform", `translate(${foot.join(" ")}) rotate(${angle})`);
    number.setAttribute("transform", `translate(34 0) rotate(${-angle})`);
  };

  const text = (value) => String(Number(value.toPrecision(3))).replace("-", "−");
  const sum = ({ w1, w2, b }) => {
    const term = (value) => ` ${value < 0 ? "−" : "+"} ${text(Math.abs(value))}`;
    return `${text(w1)} x₁${term(w2)} x₂${term(b)}`;
  };
  const sentence = (all) => {
    const [active, place] = [all.map(() => 0), (i) => along((i + 0.5) / data.points)];
    let [every, none] = [0, 0];
    for (let i = 0; i < data.points ** 2; i++) {
      const [x, y] = [place(i % data.points), place(Math.floor(i / data.points))];
      const answers = all.map(({ z }) => z(x, y) > 0);
      answers.forEach((answer, k) => (active[k] += answer));
      every += answers.every(Boolean);
      none += !answers.some(Boolean);
    }
    const share = (count) => `${text((100 * count) / data.points ** 2)} %`;
    const told = all.map(
      (unit, k) => `unit ${k + 1} is active where ${sum(unit)} > 0, on ${share(active[k])}`,
    );
    const ends = `All are active on ${share(every)}, none on ${share(none)}.`;
    return `${data.beginning}${told.join("; ")}. ${ends}`;
  };

  return (values) => {
    const all = units(values);
    parts("active").forEach((group, i) => drawActive(group, all[i], i));
    parts("line").forEach((group, i) => drawLine(group, all[i], i));
    const names = parts("legend")[0].querySelectorAll("text");
    all.forEach((unit, i) => (names[i].textContent = `${i + 1}: ${sum(unit)} > 0`));
    return { sentence: sentence(all), values: values.map(text) };
  };
}
