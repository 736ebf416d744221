// Answers each line of JSON, a text, with what go-toml version 1 says about it.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	"github.com/pelletier/go-toml"
)

type answer struct {
	Error string `json:"error,omitempty"`
	Panic string `json:"panic,omitempty"`
}

func load(text string) (found answer) {
	defer func() {
		if r := recover(); r != nil {
			found = answer{Panic: fmt.Sprint(r)}
		}
	}()
	if _, err := toml.LoadBytes([]byte(text)); err != nil {
		return answer{Error: err.Error()}
	}
	return answer{}
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var text string
		if err := json.Unmarshal(lines.Bytes(), &text); err != nil {
			panic(err)
		}
		if err := json.NewEncoder(os.Stdout).Encode(load(text)); err != nil {
			panic(err)
		}
	}
}
