package panel

import "math"

// assign pairs rows with columns so that the sum of scores is the largest, each at most once; it returns the column of each row, or -1. Pairs of score 0 are no
// pairs. Scores are finite and 0 or more.
//
// Source: Kuhn-Munkres with potentials, O(n²m).
func assign(score [][]float64) []int {
	if len(score) == 0 || len(score[0]) == 0 {
		return make2(len(score))
	}
	if len(score) > len(score[0]) {
		return turn(assign(transpose(score)), len(score))
	}
	rows, columns := len(score), len(score[0])
	u, v := make([]float64, rows+1), make([]float64, columns+1)
	rowOf, way := make([]int, columns+1), make([]int, columns+1)
	for row := 1; row <= rows; row++ {
		rowOf[0] = row
		augment(score, u, v, rowOf, way)
	}
	out := make2(rows)
	for c := 1; c <= columns; c++ {
		if r := rowOf[c]; r > 0 && score[r-1][c-1] > 0 {
			out[r-1] = c - 1
		}
	}
	return out
}

// augment finds room for the row that rowOf[0] names. Rows and columns count from 1 here; 0 is none.
func augment(score [][]float64, u, v []float64, rowOf, way []int) {
	least, used := make([]float64, len(v)), make([]bool, len(v))
	for c := range least {
		least[c] = math.Inf(1)
	}
	column := 0
	for {
		used[column] = true
		row, delta, next := rowOf[column], math.Inf(1), 0
		for c := 1; c < len(v); c++ {
			if used[c] {
				continue
			}
			if cost := -score[row-1][c-1] - u[row] - v[c]; cost < least[c] {
				least[c], way[c] = cost, column
			}
			if least[c] < delta {
				delta, next = least[c], c
			}
		}
		for c := range v {
			if used[c] {
				u[rowOf[c]] += delta
				v[c] -= delta
			} else {
				least[c] -= delta
			}
		}
		if column = next; rowOf[column] == 0 {
			break
		}
	}
	for column != 0 {
		rowOf[column], column = rowOf[way[column]], way[column]
	}
}

func make2(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = -1
	}
	return out
}

func transpose(score [][]float64) [][]float64 {
	out := make([][]float64, len(score[0]))
	for c := range out {
		for r := range score {
			out[c] = append(out[c], score[r][c])
		}
	}
	return out
}

// turn makes rows of columns.
func turn(rowOf []int, rows int) []int {
	out := make2(rows)
	for c, r := range rowOf {
		if r >= 0 {
			out[r] = c
		}
	}
	return out
}
