import { crc32, deflateSync } from "node:zlib";

/** The smallest files that still are what their type says, as base64. */

export const PNG_MIME = "image/png";
export const WAV_MIME = "audio/wav";

/** One red pixel. */
export function redPixel(): string {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(1, 0);
  header.writeUInt32BE(1, 4);
  // Eight bits each of red, green and blue; the rest of the header is zero.
  header.set([8, 2], 8);
  const row = deflateSync(Buffer.from([0, 255, 0, 0]));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const png = [signature, pngChunk("IHDR", header), pngChunk("IDAT", row), pngChunk("IEND", Buffer.alloc(0))];
  return Buffer.concat(png).toString("base64");
}

/** A few samples of silence: one channel, 8 bits, 8 kHz. */
export function silence(): string {
  const samples = Buffer.alloc(8, 128);
  const header = Buffer.alloc(44);
  header.write("RIFF", 0, "latin1");
  header.writeUInt32LE(36 + samples.length, 4);
  header.write("WAVEfmt ", 8, "latin1");
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(8_000, 24);
  header.writeUInt32LE(8_000, 28);
  header.writeUInt16LE(1, 32);
  header.writeUInt16LE(8, 34);
  header.write("data", 36, "latin1");
  header.writeUInt32LE(samples.length, 40);
  return Buffer.concat([header, samples]).toString("base64");
}

function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const frame = Buffer.alloc(body.length + 8);
  frame.writeUInt32BE(data.length, 0);
  body.copy(frame, 4);
  frame.writeUInt32BE(crc32(body), body.length + 4);
  return frame;
}
