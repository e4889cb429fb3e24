package cli

import (
	"errors"
	"regexp"
	"strings"

	"github.com/alecthomas/kong"
)

// negative is the start of a number below zero. No flag looks like that.
var negative = regexp.MustCompile(`^-\.?[0-9]`)

// joinNegatives lets patient coordinates, half of which are below zero, stand after their flag as any other value: --at -40,0,12.5.
func joinNegatives(args []string) []string {
	var out []string
	for _, a := range args {
		if last := len(out) - 1; last >= 0 && negative.MatchString(a) && strings.HasPrefix(out[last], "--") && out[last] != "--" && !strings.Contains(out[last], "=") {
			out[last] += "=" + a
			continue
		}
		out = append(out, a)
	}
	return out
}

// word is what a mistyped command looks like.
var word = regexp.MustCompile(`^[a-z]{1,12}$`)

// unnamed keeps a superfluous argument out of the message: it is often a file's name, which often holds a patient's.
func unnamed(err error) error {
	const complaint = "unexpected argument "
	rest, found := strings.CutPrefix(err.Error(), complaint)
	if !found || word.MatchString(strings.Split(rest, ",")[0]) {
		return err
	}
	var wrong *kong.ParseError
	if errors.As(err, &wrong) && wrong.Context != nil && wrong.Context.Selected() != nil {
		return usage("one argument too many for %s", wrong.Context.Selected().Name)
	}
	return usage("one argument too many")
}
