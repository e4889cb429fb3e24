package wire

import "time"

// Version is the protocol's major version; it stands in every path.
const Version = 1

// Limits of the protocol. A server may set lower ones and says so in Info.
const (
	MaxMessage = 1 << 20  // bytes of a JSON message
	MaxAnswer  = 32 << 20 // bytes of an index on a medium, and of a page of a log
	MaxChunk   = 8 << 20  // bytes of one PATCH
	MaxFeed    = 200      // entries of one answer to a feed request
	MaxLeaves  = 1000     // leaves of one page of a log
	MaxWait    = 60 * time.Second
)

// Names of headers.
const (
	OffsetHeader = "Upload-Offset" // where a PATCH writes, and how much the server has
	LengthHeader = "Upload-Length" // of the whole bundle
)

// Media types.
const (
	JSONType    = "application/json"
	ProblemType = "application/problem+json" // RFC 9457
	ChunkType   = "application/offset+octet-stream"
	BundleType  = "application/vnd.hotlight.bundle"
)
