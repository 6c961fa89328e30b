/** What a shared library of Linux says of what it needs. */
export interface ElfFile {
  /** The machine that it is for, or its number in the standard. */
  readonly machine: 'amd64' | 'arm64' | number;
  /** Libraries that it asks for (DT_NEEDED), such as `libc.so.6`. */
  readonly needed: readonly string[];
  /** Versions of symbols that it asks for, such as `GLIBC_2.34`; none of those that it can do without. */
  readonly versions: readonly string[];
}

/** Why some bytes are no shared library of Linux: a clause such as `is a library for Windows`. */
export class ElfError extends Error {
  override readonly name = 'ElfError';
}

const MACHINES: Readonly<Record<number, 'amd64' | 'arm64'>> = { 62: 'amd64', 183: 'arm64' };
const TYPE_SHARED = 3;
const SEGMENT_LOAD = 1;
const SEGMENT_DYNAMIC = 2;
const TAG = { needed: 1, strings: 5, stringsSize: 10, versions: 0x6ffffffe, versionCount: 0x6fffffff } as const;
const FLAG_WEAK = 2;
/** Far more than any library asks for: a bound on what a damaged file makes us read. */
const MAX_ENTRIES = 65_536;

interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly size: number;
}

/**
 * Reads the header and the dynamic section of a shared library, 64 bits and little-endian as both architectures are.
 *
 * @throws {@link ElfError} when it is another kind of file, or damaged
 * @see https://refspecs.linuxfoundation.org/LSB_5.0.0/LSB-Core-generic/LSB-Core-generic/symversion.html
 */
export function readElf(bytes: Uint8Array): ElfFile {
  checkKind(bytes);
  try {
    return new ElfReader(bytes).read();
  } catch (error) {
    // DataView throws it for every place outside of the file.
    if (error instanceof RangeError) throw new ElfError('is damaged: it refers to places outside of itself');
    throw error;
  }
}

function checkKind(bytes: Uint8Array): void {
  const magic = Buffer.from(bytes.subarray(0, 4)).toString('hex');
  if (magic === 'cffaedfe' || magic === 'cafebabe' || magic === 'cefaedfe')
    throw new ElfError('is a library for macOS');
  if (magic.startsWith('4d5a')) throw new ElfError('is a library for Windows');
  if (magic !== '7f454c46') throw new ElfError('is no library for Linux');
  if (bytes[4] !== 2) throw new ElfError('is a library for a machine of 32 bits');
  if (bytes[5] !== 1) throw new ElfError('is a library for a big-endian machine');
}

class ElfReader {
  private readonly view: DataView;
  private readonly segments: readonly Segment[];

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.segments = this.readSegments();
  }

  read(): ElfFile {
    if (this.u16(16) !== TYPE_SHARED) throw new ElfError('is no shared library');
    const number = this.u16(18);
    return { machine: MACHINES[number] ?? number, ...this.readDynamic() };
  }

  private readSegments(): Segment[] {
    const [start, size, count] = [this.u64(32), this.u16(54), this.u16(56)];
    return Array.from({ length: count }, (_, index) => {
      const at = start + index * size;
      return { type: this.u32(at), offset: this.u64(at + 8), address: this.u64(at + 16), size: this.u64(at + 32) };
    });
  }

  private readDynamic(): Pick<ElfFile, 'needed' | 'versions'> {
    const dynamic = this.segments.find(({ type }) => type === SEGMENT_DYNAMIC);
    if (!dynamic) return { needed: [], versions: [] };
    const needed: number[] = [];
    const values = new Map<number, number>();
    for (let at = dynamic.offset; at + 16 <= dynamic.offset + dynamic.size; at += 16) {
      const [tag, value] = [this.u64(at), this.u64(at + 8)];
      if (tag === 0) break;
      if (tag === TAG.needed) needed.push(value);
      else values.set(tag, value);
      if (needed.length > MAX_ENTRIES) throw new ElfError('is damaged: it asks for too many libraries');
    }
    const strings = values.get(TAG.strings);
    if (strings === undefined) return { needed: [], versions: [] };
    const start = this.placeOf(strings);
    const size = values.get(TAG.stringsSize) ?? 0;
    const text = (offset: number): string => this.text(start + offset, start + size);
    const versions = values.get(TAG.versions);
    return {
      needed: [...new Set(needed.map(text))],
      versions:
        versions === undefined
          ? []
          : this.readVersions(this.placeOf(versions), values.get(TAG.versionCount) ?? 0, text),
    };
  }

  /** Follows the lists of .gnu.version_r: a list of libraries, each with its list of versions. */
  private readVersions(start: number, libraries: number, text: (offset: number) => string): string[] {
    const versions = new Set<string>();
    let entries = 0;
    for (let at = start, left = libraries; left > 0; left--) {
      const [count, first, next] = [this.u16(at + 2), this.u32(at + 8), this.u32(at + 12)];
      for (let place = at + first, rest = count; rest > 0; rest--) {
        if (++entries > MAX_ENTRIES) throw new ElfError('is damaged: it asks for too many versions');
        if ((this.u16(place + 4) & FLAG_WEAK) === 0) versions.add(text(this.u32(place + 8)));
        const step = this.u32(place + 12);
        if (step === 0) break;
        place += step;
      }
      if (next === 0) break;
      at += next;
    }
    return [...versions];
  }

  /** Where in the file an address of the loaded library is. */
  private placeOf(address: number): number {
    const segment = this.segments.find(
      (each) => each.type === SEGMENT_LOAD && address >= each.address && address < each.address + each.size,
    );
    if (!segment) throw new ElfError('is damaged: it refers to places outside of itself');
    return segment.offset + (address - segment.address);
  }

  private text(start: number, end: number): string {
    if (start < 0 || start >= end || end > this.bytes.length) throw new RangeError('outside of the strings');
    const stop = this.bytes.indexOf(0, start);
    if (stop < 0 || stop >= end) throw new RangeError('no end');
    return Buffer.from(this.bytes.subarray(start, stop)).toString('latin1');
  }

  private u16 = (at: number): number => this.view.getUint16(at, true);
  private u32 = (at: number): number => this.view.getUint32(at, true);
  /** Exact below 2^53; what is above lies outside of every file. */
  private u64 = (at: number): number => Number(this.view.getBigUint64(at, true));
}
