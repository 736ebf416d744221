// Answers each line of JSON, a text, with what go-toml version 2 says about it.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"os"

	"github.com/pelletier/go-toml/v2"
)

// A type of its own: into a plain map version 2.4 decodes by other code than into the structs of containerd.
type document map[string]any

type answer struct {
	Error  string `json:"error,omitempty"`
	Row    int    `json:"row,omitempty"`
	Column int    `json:"column,omitempty"`
}

func decode(text string) answer {
	// As a file that was read before Go 1.26, the text has room behind it: version 2.2 finds the end of the text by that.
	data := append(make([]byte, 0, len(text)+1), text...)
	err := toml.Unmarshal(data, &document{})
	if err == nil {
		return answer{}
	}
	found := answer{Error: err.Error()}
	var problem *toml.DecodeError
	if errors.As(err, &problem) {
		found.Row, found.Column = problem.Position()
	}
	return found
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var text string
		if err := json.Unmarshal(lines.Bytes(), &text); err != nil {
			panic(err)
		}
		if err := json.NewEncoder(os.Stdout).Encode(decode(text)); err != nil {
			panic(err)
		}
	}
}
