package jpeg2000

// ErrWork is what a stream is refused with that would be read too often, as with a ledger that is too small for it.
var ErrWork = errWork

// DecodeInRounds is Decode with a ledger of so many bytes at most, so that pictures are decoded in rounds that need none.
func DecodeInRounds(data []byte, options Options, most int) (*Image, error) {
	var d decoder
	d.ledger.begin(most)
	return d.image(data, options)
}
