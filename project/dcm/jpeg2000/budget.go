package jpeg2000

// budget is how many bytes of memory decoding may still take. A picture begins with 8 for each wanted sample, as many as its stream has, and anyMemory. Whatever a
// stream can make larger than others is taken out of it, most of it before it is allocated: samples, tile parts, layouts, precincts, code-blocks, what packets say. When
// it is used up the stream is refused, so that no header and no packet can make decoding take more.
type budget int

// anyMemory may be taken of any stream. Most of it is never needed: it is there for pictures that are small beside what a tile's layout takes.
const anyMemory = 1 << 19

// roomFor returns what may be taken for any picture in data.
func roomFor(data []byte) budget { return budget(len(data) + anyMemory) }

// sampleBytes may be taken for each wanted sample.
const sampleBytes = 8

// take takes so many bytes, if they are left, and reports whether they were. A negative number is one that int does not hold.
func (b *budget) take(bytes int) bool {
	if bytes < 0 || budget(bytes) > *b {
		return false
	}
	*b -= budget(bytes)
	return true
}
