// Makes openjph.tsv: pictures computed here, encoded by OpenJPH. Run it where the encoder is installed:
//
//	npm install @cornerstonejs/codec-openjph@2.4.11 && node openjph.js > openjph.tsv
//
// A line has: name, columns, rows, components, bits, signed (0 or 1), what is expected, the stream in base64. Expected is the SHA-256 of the samples (pixel by pixel,
// 16 bits little endian) of a reversible stream; of an irreversible one it is what OpenJPH decodes, in base64.
const { createHash } = require('crypto');

// noise is a generator of numbers from 0 to 1 (mulberry32).
function noise(seed) {
  return () => {
    seed = (seed + 0x6D2B79F5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function picture(c, seed) {
  const r = noise(seed), n = c.w * c.h * c.n, out = new Int32Array(n);
  const low = c.signed ? -(2 ** (c.bits - 1)) : 0, span = 2 ** c.bits - 1;
  for (let i = 0; i < n; i++) {
    const p = Math.floor(i / c.n), x = (p % c.w) / c.w, y = Math.floor(p / c.w) / c.h;
    let v = 0.5 + 0.35 * Math.sin(5 * x + (i % c.n)) * Math.cos(4 * y);
    if ((x - 0.5) ** 2 + (y - 0.4) ** 2 < 0.06) v += 0.2;
    v += c.noise * (r() - 0.5);
    out[i] = Math.round(low + span * Math.min(1, Math.max(0, v)));
  }
  return out;
}

function bytes(samples, size) {
  const b = Buffer.alloc(samples.length * size);
  samples.forEach((v, i) => { for (let k = 0; k < size; k++) b[i * size + k] = (v >> (8 * k)) & 255; });
  return b;
}

function widen(b, c) {
  return c.bits > 8 ? Buffer.from(b) : bytes(Int32Array.from(b, (v) => (c.signed ? (v << 24) >> 24 : v)), 2);
}

const cases = [];
const add = (name, over) => cases.push({ name, w: 48, h: 40, n: 1, bits: 8, signed: false, levels: 3, noise: 0.05, order: 2, ...over });

for (const bits of [1, 2, 5, 8, 9, 12, 16]) add(`${bits} bits`, { bits, noise: 0.1 });
// Of signed 8 bits, and of colours without transform, this package encodes another picture than it is given.
for (const bits of [9, 12, 16]) add(`${bits} bits signed`, { bits, signed: true });
for (const [w, h] of [[8, 8], [1, 1], [17, 3], [3, 17], [47, 39], [2, 40]]) add(`${w} x ${h}`, { w, h, bits: 12 });
for (const levels of [0, 1, 5]) add(`${levels} levels`, { levels });
for (let order = 0; order < 5; order++) add(`colour, progression ${order}`, { n: 3, w: 24, h: 20, order, colour: true });
for (const [w, h] of [[4, 4], [32, 32], [64, 16], [8, 256]]) add(`code-blocks of ${w} x ${h}`, { block: { width: w, height: h }, bits: 12 });
add('precincts', { precincts: [{ width: 16, height: 16 }, { width: 8, height: 32 }], bits: 12 });
add('tiles', { tile: { width: 20, height: 17 } });
add('tiles of colour', { tile: { width: 16, height: 16 }, n: 3, w: 24, h: 20, colour: true });
add('tile parts by resolution', { tile: { width: 32, height: 32 }, parts: true, tlm: true });
add('all noise', { noise: 3, bits: 16 });
add('all the same', { bits: 16, flat: 12345 });
add('nothing but a dot', { levels: 0, flat: 128, dots: [1911] });
add('nothing but dots', { levels: 0, flat: 128, dots: [3, 700, 701, 1500, 1900] });
for (const step of [0.1, 0.01, 0.001]) add(`irreversible, step ${step}`, { step, w: 24, h: 20, bits: 12 });
add('irreversible colour', { step: 0.01, n: 3, w: 16, h: 12, colour: true });

require('@cornerstonejs/codec-openjph')({ print: () => {}, printErr: () => {} }).then((jph) => {
  cases.forEach((c, i) => {
    const e = new jph.HTJ2KEncoder();
    const samples = c.flat ? new Int32Array(c.w * c.h * c.n).fill(c.flat) : picture(c, i + 1);
    (c.dots || []).forEach((at) => { samples[at] += 9; });
    const info = { width: c.w, height: c.h, bitsPerSample: c.bits, componentCount: c.n, isSigned: c.signed, isUsingColorTransform: !!c.colour };
    e.getDecodedBuffer(info).set(bytes(samples, c.bits > 8 ? 2 : 1));
    e.setDecompositions(c.levels);
    e.setQuality(!c.step, c.step || 0);
    e.setProgressionOrder(c.order);
    if (c.block) e.setBlockDimensions(c.block);
    if (c.precincts) {
      e.setNumPrecincts(c.precincts.length);
      c.precincts.forEach((p, n) => e.setPrecinct(n, p));
    }
    if (c.tile) e.setTileSize(c.tile);
    if (c.parts) e.setTilePartDivisionsAtResolutions(true);
    if (c.tlm) e.setTLMMarker(true);
    e.encode();
    const stream = Buffer.from(e.getEncodedBuffer());
    let expected = createHash('sha256').update(bytes(samples, 2)).digest('hex');
    if (c.step) {
      const d = new jph.HTJ2KDecoder();
      d.getEncodedBuffer(stream.length).set(stream);
      d.decode();
      expected = widen(d.getDecodedBuffer(), c).toString('base64');
    }
    console.log([c.name, c.w, c.h, c.n, c.bits, c.signed ? 1 : 0, expected, stream.toString('base64')].join('\t'));
  });
});
