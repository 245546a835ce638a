// ort.js FOLDER-OF-NODE_MODULES MODEL.onnx SIDE INPUT.f32 OUT: onnxruntime on the CPU with one thread.
// The peers' protocol (compare.py): writes each output to OUT.<i>.f32 in natural order, says "ready
// VERSION", then runs as often as each line from standard input says and answers with the milliseconds.
'use strict';
const fs = require('fs');
const path = require('path');
const readline = require('readline');

const [modules, model, sideText, input, out] = process.argv.slice(2);
const ort = require(path.resolve(modules, 'onnxruntime-node'));
const version = require(path.resolve(modules, 'onnxruntime-node', 'package.json')).version;

function naturalOrder(tensor) {
  if (tensor.dims.length !== 4) return tensor.data;
  const [, channels, height, width] = tensor.dims;
  const natural = new Float32Array(tensor.data.length);
  for (let c = 0; c < channels; c++)
    for (let p = 0; p < height * width; p++)
      natural[p * channels + c] = tensor.data[c * height * width + p];
  return natural;
}

async function main() {
  const side = Number(sideText);
  const session = await ort.InferenceSession.create(model, {
    executionProviders: ['cpu'], executionMode: 'sequential', graphOptimizationLevel: 'all',
    intraOpNumThreads: 1, interOpNumThreads: 1,
    extra: {session: {intra_op: {allow_spinning: '0'}}},
  });
  const bytes = fs.readFileSync(input);
  const pixels = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const planes = new Float32Array(3 * side * side);
  for (let p = 0; p < side * side; p++)
    for (let c = 0; c < 3; c++) planes[c * side * side + p] = pixels[p * 3 + c];
  const feeds = {x: new ort.Tensor('float32', planes, [1, 3, side, side])};

  const results = await session.run(feeds);
  for (const name of Object.keys(results)) {
    const values = naturalOrder(results[name]);
    fs.writeFileSync(`${out}.${name.slice(1)}.f32`,
                     Buffer.from(values.buffer, values.byteOffset, values.byteLength));
  }
  console.log(`ready onnxruntime-node ${version}`);
  for await (const line of readline.createInterface({input: process.stdin})) {
    const times = [];
    for (let i = Number(line); i > 0; i--) {
      const start = process.hrtime.bigint();
      await session.run(feeds);
      times.push((Number(process.hrtime.bigint() - start) / 1e6).toFixed(4));
    }
    console.log(times.join(' '));
  }
}

main();
