// Package definition reads the project file that a lead writes by hand (YAML) into a project.Definition, and writes a reader's public record
// in the form that is pasted into it.
//
// The form is that of project.Definition: schema, project, coding_schemes, inclusion, classes, study_form, display, reading, resolution, metrics, effort, export, readers,
// server. Errors name the field and its line. Unknown fields are errors that name the line, so that a typing mistake is never a silent default. The signed form is JSON
// and belongs to package project; this package signs nothing.
//
// Conditions (show_if, required_if, adjudicate_if) are in the language of package expr. That they name what exists and do not go in a circle is checked
// here, and so is that the metrics of the analysis plan are those that package metrics computes. Open does the same for a signed definition. Form says which questions are
// shown and required for the answers there are; Inclusion, which series enter the project.
//
// It is apart from package project because it needs a YAML library (github.com/goccy/go-yaml), and project has none.
package definition
