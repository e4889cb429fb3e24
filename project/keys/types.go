package keys

import (
	"hotlight/project"
)

// Profile is what a person says of themselves when the vault is made. Both stand in the public record and cannot be changed in it.
type Profile struct {
	Name string // printed name, as it stands in signatures
	Role project.Role
}
