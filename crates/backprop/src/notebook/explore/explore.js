async (data, parts) => {
  // Without it the last frame stands, as it does where no script runs.
  if (!window.DecompressionStream) return undefined;

  // Each frame's weights are stored as their difference from those of the one before.
  const unpack = async () => {
    const bytes = Uint8Array.from(atob(data.weights), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    const all = new Uint8Array(await new Response(stream).arrayBuffer());
    const size = data.neurons * data.image[0] * data.image[1];
    for (let i = size; i < all.length; i++) all[i] += all[i - size];
    return (frame) => all.subarray(frame * size, (frame + 1) * size);
  };

  const colors = data.palette.map((hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)));

  const picture = (levels) => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = data.mosaic;
    const [height, width] = data.image;
    const context = canvas.getContext("2d");
    const pixels = context.createImageData(canvas.width, canvas.height);
    levels.forEach((level, i) => {
      const neuron = Math.floor(i / (height * width));
      const y = Math.floor(neuron / data.columns) * (height + 1) + Math.floor((i / width) % height);
      const x = (neuron % data.columns) * (width + 1) + (i % width);
      pixels.data.set([...colors[level], 255], 4 * (y * canvas.width + x));
    });
    context.putImageData(pixels, 0, 0);
    return canvas.toDataURL();
  };

  const weights = await unpack();
  const last = data.sentences.length - 1;
  return ([frame]) => {
    parts("cursor").forEach((line, chart) => {
      line.setAttribute("x1", data.cursors[chart][frame]);
      line.setAttribute("x2", data.cursors[chart][frame]);
    });
    parts("bar").forEach((bar, i) => bar.setAttribute("width", data.bars[frame][i]));
    parts("share").forEach((share, i) => (share.textContent = data.shares[frame][i]));
    parts("weights").forEach((part) => part.setAttribute("href", picture(weights(frame))));
    return { sentence: data.sentences[frame], values: [`${frame} of ${last}`] };
  };
}
