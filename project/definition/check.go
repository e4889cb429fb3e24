package definition

import (
	"hotlight/project"
)

// Check checks what project.Definition.Check leaves, because it needs the language of conditions and the names of metrics: that every condition parses,
// names fields and values that exist and that no question waits for itself, that every metric of the analysis plan is one that is computed, for a question or
// class that it can be computed for, and that inclusion rules name attributes that can be asked. Errors are Invalid and name the field.
func Check(d *project.Definition) error {
	for _, check := range []func(*project.Definition) error{checkConditions, checkNames, checkInclusion} {
		if err := check(d); err != nil {
			return err
		}
	}
	return nil
}

// Open verifies a signed definition as project.OpenDefinition does, and checks it whole.
func Open(e *project.Envelope) (*project.Definition, project.Hash, error) {
	d, hash, err := project.OpenDefinition(e)
	if err != nil {
		return nil, project.Hash{}, err
	}
	if err := Check(d); err != nil {
		return nil, project.Hash{}, err
	}
	return d, hash, nil
}
