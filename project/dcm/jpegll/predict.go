package jpegll

// predict turns the differences in row into samples, in place: T.81 table H.1. above is the row before, of the same length; components lie side by side.
func predict(row, above []uint16, components, selection int) {
	above = above[:len(row)]
	for c := range components {
		row[c] += above[c]
		a, up := row[c], above[c]
		switch selection {
		case 1:
			sum(row[c:], components)
		case 2:
			for i := c + components; i < len(row); i += components {
				row[i] += above[i]
			}
		case 3:
			for i := c + components; i < len(row); i += components {
				row[i] += above[i-components]
			}
		case 4:
			for i := c + components; i < len(row); i += components {
				b := above[i]
				a += row[i] + b - up
				row[i], up = a, b
			}
		case 5:
			for i := c + components; i < len(row); i += components {
				b := above[i]
				a += row[i] + uint16((int32(b)-int32(up))>>1)
				row[i], up = a, b
			}
		case 6:
			for i := c + components; i < len(row); i += components {
				b := above[i]
				a = row[i] + b + uint16((int32(a)-int32(up))>>1)
				row[i], up = a, b
			}
		default:
			for i := c + components; i < len(row); i += components {
				a = row[i] + uint16((uint32(a)+uint32(above[i]))>>1)
				row[i] = a
			}
		}
	}
}

// predictFirst is predict for the first row of a restart interval: along the row, beginning with half the range (T.81 H.1.2.1).
func predictFirst(row []uint16, components int, start uint16) {
	for c := range components {
		row[c] += start
		sum(row[c:], components)
	}
}

// sum adds up every step-th sample.
func sum(row []uint16, step int) {
	a := row[0]
	for i := step; i < len(row); i += step {
		a += row[i]
		row[i] = a
	}
}
