// Makes ffmpeg.tsv: streams with mixed code-blocks that our encoder wrote, and what FFmpeg's own decoder of JPEG 2000 makes of them. Run it where node-av is
// installed, with the file of streams that the test writes:
//
//	HOTLIGHT_MIXED_STREAMS=/tmp/streams go test -run FFmpeg ./project/dcm/jpeg2000
//	npm install --ignore-scripts node-av@6.1.1 @seydx/node-av-linux-x64@6.1.1 && node ffmpeg.mjs /tmp/streams > ffmpeg.tsv
//
// A line has: name, columns, rows, components, bits, signed (0), what is expected, the stream in base64. Expected is the SHA-256 of the samples (pixel by pixel,
// 16 bits little endian), or the samples in base64 if the stream is irreversible.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Codec, CodecContext, FFmpegError, Frame, Packet } from 'node-av/lib';
import { AV_PIX_FMT_GRAY8, AV_PIX_FMT_GRAY10LE, AV_PIX_FMT_GRAY12LE, AV_PIX_FMT_GRAY14LE, AV_PIX_FMT_GRAY16LE, AV_PIX_FMT_RGB24 } from 'node-av/constants';

// Bits of a sample of each pixel format. FFmpeg scales samples of fewer bits up.
const depths = new Map([[AV_PIX_FMT_GRAY8, 8], [AV_PIX_FMT_RGB24, 8], [AV_PIX_FMT_GRAY10LE, 10], [AV_PIX_FMT_GRAY12LE, 12], [AV_PIX_FMT_GRAY14LE, 14],
  [AV_PIX_FMT_GRAY16LE, 16]]);

function decode(stream, columns, rows, components, bits) {
  const codec = Codec.findDecoderByName('jpeg2000'), context = new CodecContext(), packet = new Packet(), frame = new Frame();
  context.allocContext3(codec);
  FFmpegError.throwIfError(context.open2Sync(codec, null), 'open');
  packet.alloc();
  packet.data = stream;
  FFmpegError.throwIfError(context.sendPacketSync(packet), 'send');
  frame.alloc();
  FFmpegError.throwIfError(context.receiveFrameSync(frame), 'receive');
  const depth = depths.get(frame.format);
  if (frame.width !== columns || frame.height !== rows || depth === undefined) throw new Error(`${frame.width} x ${frame.height}, format ${frame.format}`);
  const out = Buffer.alloc(columns * rows * components * 2), wide = depth > 8;
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns * components; x++) {
      const at = y * frame.linesize[0] + (wide ? 2 * x : x);
      out.writeUInt16LE((wide ? frame.data[0].readUInt16LE(at) : frame.data[0][at]) >> (depth - bits), 2 * (y * columns * components + x));
    }
  }
  return out;
}

for (const line of readFileSync(process.argv[2], 'utf8').trim().split('\n')) {
  const [name, columns, rows, components, bits, reversible, stream] = line.split('\t');
  const samples = decode(Buffer.from(stream, 'base64'), +columns, +rows, +components, +bits);
  const expected = reversible === '1' ? createHash('sha256').update(samples).digest('hex') : samples.toString('base64');
  console.log([name, columns, rows, components, bits, 0, expected, stream].join('\t'));
}
