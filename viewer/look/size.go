package look

// Sizes of type at scale 1, in pixels.
const (
	Small   float32 = 13 // second lines, key letters; nothing smaller
	Body    float32 = 15 // body, tables, corner texts, status
	Message float32 = 17 // message titles, the sentence that is signed
	Title   float32 = 20 // case number, semibold
	Big     float32 = 24
)

// The unit of space is 4.
const (
	Gap4  float32 = 4
	Gap8  float32 = 8
	Gap12 float32 = 12
	Gap16 float32 = 16
	Gap24 float32 = 24
)

// Radii and heights.
const (
	Radius       float32 = 4
	DialogRadius float32 = 8
	Row          float32 = 38
	TwoLines     float32 = 54
	MainButton   float32 = 44
	Button       float32 = 36
)
