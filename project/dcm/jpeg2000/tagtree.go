package jpeg2000

// tagTree holds a number for each code-block of a precinct, coded from coarse to fine (T.800 B.10.2): tagNodes nodes, leaves first.
type tagTree struct {
	nodes []tagNode
	wide  int // leaves in a row
	high  int
}

// tagNode is a number that is known to be at least low, and to be value once that is not unknown.
type tagNode struct{ low, value uint16 }

const unknown = 0xFFFF

// tagNodes returns how many nodes a tree over so many leaves has.
func tagNodes(wide, high int) int {
	n := 0
	for {
		n += wide * high
		if wide <= 1 && high <= 1 {
			return n
		}
		wide, high = (wide+1)/2, (high+1)/2
	}
}

// clearTags makes nodes those of trees of which nothing is known.
func clearTags(nodes []tagNode) {
	for n := range nodes {
		nodes[n] = tagNode{0, unknown}
	}
}

// root returns the node above all leaves.
func (t *tagTree) root() tagNode { return t.nodes[len(t.nodes)-1] }

// below reads until it is known whether the number of leaf x, y is less than limit, and returns that.
func (t *tagTree) below(r *headerBits, x, y int, limit uint16) bool {
	var path [20]int
	levels, at, wide, high := 0, 0, t.wide, t.high
	for {
		path[levels] = at + y*wide + x
		levels++
		if wide <= 1 && high <= 1 {
			break
		}
		at += wide * high
		wide, high, x, y = (wide+1)/2, (high+1)/2, x/2, y/2
	}
	low := uint16(0)
	for levels > 0 {
		levels--
		n := &t.nodes[path[levels]]
		low = max(low, n.low)
		for low < limit && low < n.value {
			if r.bit() != 0 {
				n.value = low
			} else {
				low++
			}
		}
		n.low = low
	}
	return t.nodes[path[0]].value < limit
}
