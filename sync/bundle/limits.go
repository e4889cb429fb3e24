package bundle

// Limits of BUNDLE.md. Each is checked before anything is allocated or decrypted for its sake.
const (
	MaxHeader   = 1 << 20   // bytes of the routing header
	MaxPayload  = 64 << 30  // bytes of the payload
	MaxManifest = 16 << 20  // bytes of the manifest
	MaxObjects  = 10_000    // objects in a bundle
	MaxObject   = 256 << 20 // bytes of one object
	MaxContent  = 8 << 30   // bytes of all objects

	maxCheckpoint = 4 << 10
	maxWindow     = 8 << 20  // zstd window, which bounds what a decoder allocates
	freeContent   = 64 << 20 // content that is allowed whatever it occupies
	maxRatio      = 1000     // content beyond that, for each byte it occupies
	minPlaintext  = 16 << 10 // padded length of the smallest payload
)
