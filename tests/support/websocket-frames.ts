const TEXT = 1;
const CONTINUATION = 0;

/** Reads text messages out of one direction of a WebSocket connection, HTTP upgrade first. */
export function websocketReader(onMessage: (text: string) => void): (chunk: Buffer) => void {
  let buffered = Buffer.alloc(0);
  let upgraded = false;
  let parts: Buffer[] = [];
  return (chunk) => {
    buffered = Buffer.concat([buffered, chunk]);
    if (!upgraded) {
      const end = buffered.indexOf("\r\n\r\n");
      if (end === -1) return;
      upgraded = true;
      buffered = buffered.subarray(end + 4);
    }
    for (let frame = readFrame(buffered); frame !== null; frame = readFrame(buffered)) {
      buffered = buffered.subarray(frame.length);
      if (frame.opcode !== TEXT && frame.opcode !== CONTINUATION) continue;
      parts.push(frame.payload);
      if (!frame.final) continue;
      onMessage(Buffer.concat(parts).toString("utf8"));
      parts = [];
    }
  };
}

type Frame = { final: boolean; opcode: number; payload: Buffer; length: number };

/** RFC 6455 section 5.2; null while the frame is not complete. */
function readFrame(bytes: Buffer): Frame | null {
  if (bytes.length < 2) return null;
  const [first = 0, second = 0] = bytes;
  const masked = (second & 0x80) !== 0;
  const short = second & 0x7f;
  const lengthBytes = short === 126 ? 2 : short === 127 ? 8 : 0;
  const start = 2 + lengthBytes + (masked ? 4 : 0);
  if (bytes.length < start) return null;
  const size = lengthBytes === 0 ? short : lengthBytes === 2 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  if (bytes.length < start + size) return null;
  const payload = Buffer.from(bytes.subarray(start, start + size));
  if (masked) {
    const mask = bytes.subarray(start - 4, start);
    for (let index = 0; index < payload.length; index += 1) {
      payload[index] = (payload[index] ?? 0) ^ (mask[index % 4] ?? 0);
    }
  }
  return { final: (first & 0x80) !== 0, opcode: first & 0x0f, payload, length: start + size };
}
