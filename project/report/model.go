package report

// Section is one numbered part of the report.
type Section struct {
	ID     string  `json:"id"`
	Title  string  `json:"title"`
	Blocks []Block `json:"blocks"`
}

// Block is one of a text, a plate (a text that must be seen), a table, a figure.
type Block struct {
	Text   string  `json:"text,omitempty"`
	Plate  string  `json:"plate,omitempty"`
	Head   string  `json:"head,omitempty"` // a heading within the section
	Table  *Table  `json:"table,omitempty"`
	Figure *Figure `json:"figure,omitempty"`
}

// Table has a caption that says what it shows, without which it means nothing.
type Table struct {
	Caption string   `json:"caption"`
	Columns []string `json:"columns"`
	Rows    [][]Cell `json:"rows"`
	Note    string   `json:"note,omitempty"`
	Matrix  bool     `json:"matrix,omitempty"` // a confusion matrix: shaded by count, diagonal framed
	Wide    bool     `json:"-"`
}

// Figure is an SVG picture with its words.
type Figure struct {
	Caption string `json:"caption"`
	Alt     string `json:"alt"`
	SVG     string `json:"-"`
	Half    bool   `json:"-"` // two fit beside each other
}

// Cell is words, or a part of a number.
type Cell struct {
	Words  string
	Number *Number
	Part   part
	Strong bool
	Count  int     // of a confusion matrix
	Shade  float64 // 0 to 1
	Frame  bool
	Gate   *float64
}

// part of a number.
type part string

const (
	valuePart part = "value"
	rangePart part = "range"
	nPart     part = "n"
	barPart   part = "bar"
)

// Text is what the cell shows.
func (c Cell) Text() string {
	if c.Number == nil {
		return c.Words
	}
	switch c.Part {
	case rangePart:
		return c.Number.Range()
	case nPart:
		return shown(float64(c.Number.N), 0)
	case barPart:
		return ""
	}
	return c.Number.Text()
}

// MarshalJSON writes what the cell shows, with the number's id.
func (c Cell) MarshalJSON() ([]byte, error) {
	if c.Number == nil {
		return marshal(map[string]any{"text": c.Words})
	}
	return marshal(map[string]any{"text": c.Text(), "number": c.Number.ID, "part": c.Part})
}

func words(text ...string) (out []Cell) {
	for _, t := range text {
		out = append(out, Cell{Words: t})
	}
	return out
}

func strong(text string) Cell { return Cell{Words: text, Strong: true} }

func value(n *Number) Cell { return of(n, valuePart) }

func interval(n *Number) Cell { return of(n, rangePart) }

func units(n *Number) Cell { return of(n, nPart) }

func of(n *Number, p part) Cell {
	if n == nil {
		return Cell{Words: "–"}
	}
	return Cell{Number: n, Part: p}
}

// section opens a part.
func (b *builder) section(id, title string) *Section {
	b.out.Sections = append(b.out.Sections, &Section{ID: id, Title: title})
	return b.out.Sections[len(b.out.Sections)-1]
}

func (s *Section) text(t string)       { s.Blocks = append(s.Blocks, Block{Text: t}) }
func (s *Section) plate(t string)      { s.Blocks = append(s.Blocks, Block{Plate: t}) }
func (s *Section) head(t string)       { s.Blocks = append(s.Blocks, Block{Head: t}) }
func (s *Section) figure(f *Figure)    { s.Blocks = append(s.Blocks, Block{Figure: f}) }
func (s *Section) table(t *Table)      { s.Blocks = append(s.Blocks, Block{Table: t}) }
func (t *Table) row(cells ...Cell)     { t.Rows = append(t.Rows, cells) }
func (t *Table) words(cells ...string) { t.row(words(cells...)...) }
