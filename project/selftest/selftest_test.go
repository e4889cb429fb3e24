package selftest

import (
	"context"
	"testing"
)

// Every published number that ships with the program comes out again.
func TestShippedVectorsPass(t *testing.T) {
	outcomes, err := Run(context.Background(), Shipped(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range outcomes {
		if o.Verdict != Pass {
			t.Errorf("%s: %s: %s", o.ID, o.Verdict, o.Reason)
		}
	}
	verdicts, values := Count(outcomes)
	if verdicts[Pass] != 99 {
		t.Errorf("%d of 99 vectors pass", verdicts[Pass])
	}
	t.Logf("%d vectors, %d values", len(outcomes), values)
}
