/** What `apply.sh` does for containerd: `config.toml` imports the drop-in file, or has the section merged into it. */
export const containerdSteps = String.raw`drop_ins='/etc/containerd/conf.d/*.toml'

has_containerd() {
  [ -z "$ROOT" ] && command -v containerd >/dev/null 2>&1
}

check_before() {
  has_containerd || return 0
  found=$(containerd --version | sed -n 's/^[^ ]* [^ ]* v\{0,1\}\([0-9]*\)\..*/\1/p')
  if [ -n "$found" ] && [ "$found" != "$major" ]; then
    fail "this node has containerd $found.x and these files are for $major.x: name the runtime of the node in registries.yaml"
  fi
  if [ -f /etc/containerd/config.toml ]; then containerd config dump >"$work/before" 2>/dev/null || rm -f "$work/before"; fi
}

# Before containerd is restarted: does it read what it should, and still all that it had?
check_after() {
  has_containerd || return 0
  containerd config dump >"$work/after" 2>"$work/errors" ||
    roll_back "containerd cannot read the new configuration: $(tail -n 1 "$work/errors")" keep-running
  if [ -n "$config_path" ]; then
    sed 's/^[[:space:]]*//' "$work/after" |
      grep -qxF -e "config_path = \"$config_path\"" -e "config_path = '$config_path'" ||
      roll_back 'other files that config.toml imports set another config path' keep-running
  fi
  if [ -z "$own" ] && [ -f "$work/before" ]; then check_lost; fi
}

# Settings besides those for registries are to be the same.
check_lost() {
  changing='config_path|sandbox|imports|username|password|auth|identitytoken|endpoint|_file|insecure_skip_verify|^version'
  lost=$(grep -vxF -f "$work/after" "$work/before" | grep -vE "$changing" | sed 's/^[[:space:]]*//' | head -n 1 || :)
  [ -z "$lost" ] || roll_back "this setting of the node would be lost: $lost" keep-running
}

# Prints config.toml with the drop-in files in its imports.
make_imports() {
  if [ ! -e "$1" ]; then
    printf 'version = 3\nimports = ["%s"]\n' "$drop_ins"
    return 0
  fi
  awk -v pattern="$drop_ins" '
    BEGIN { isTop = 1 }
    {
      line = $0
      if (line ~ /^[ \t]*\[/) isTop = 0
      if (isTop && line ~ /^[ \t]*imports[ \t]*=/) {
        isThere = 1
        if (!index(line, "\"" pattern "\"") && !index(line, "\047" pattern "\047") && !(line ~ /["\047]conf\.d\/\*\.toml["\047]/)) {
          if (!(line ~ /=[ \t]*\[[^]#]*\][ \t\r]*$/)) { isOdd = 1; exit }
          tail = substr(line, index(line, "]"))
          head = substr(line, 1, index(line, "]") - 1)
          sub(/[ \t,]*$/, "", head)
          line = head (head ~ /\[$/ ? "" : ", ") "\"" pattern "\"" tail
        }
      }
      lines[++count] = line
    }
    END {
      if (isOdd) exit 3
      if (!isThere) print "imports = [\"" pattern "\"]"
      for (number = 1; number <= count; number++) print lines[number]
    }
  ' "$1" || fail "add \"$drop_ins\" to the imports of /etc/containerd/config.toml by hand: the list is in several lines"
}

# Prints config.toml with the tables of the section in it: a setting that is there is replaced, and all else stays.
make_section() {
  fill "$1" >"$work/section"
  if [ ! -s "$2" ]; then
    cat -- "$work/section"
    return 0
  fi
  grep -q '^[[:space:]]*version[[:space:]]*=[[:space:]]*2' "$2" ||
    fail "/etc/containerd/config.toml is not of version 2: put the tables of $1 into it by hand"
  status=0
  awk '
    function clean(line) {
      sub(/^[ \t]+/, "", line)
      sub(/[ \t\r]+$/, "", line)
      return line
    }
    function headerOf(line) {
      line = clean(line)
      sub(/\][ \t]*#.*$/, "]", line)
      gsub(/\047/, "\"", line)
      return line
    }
    function keyOf(line) {
      line = clean(line)
      sub(/[ \t]*=.*$/, "", line)
      return line
    }
    function indentationOf(line) {
      match(line, /^[ \t]*/)
      return substr(line, 1, RLENGTH)
    }
    FNR == 1 { file++ }
    file == 1 {
      line = clean($0)
      if (line == "" || line ~ /^#/ || line ~ /^version =/) next
      if (line ~ /^\[/) {
        table = headerOf(line)
        tables[++tableCount] = table
        if (table ~ /\.registry\.mirrors\./) hasMirrors = 1
        next
      }
      settings[table, ++settingCount[table]] = line
      settingAt[table, keyOf(line)] = line
      if (line ~ /^config_path = ".+"$/) usesPath = 1
      next
    }
    {
      lines[++count] = $0
      if (clean($0) ~ /^\[/) {
        table = headerOf($0)
        isThere[table] = 1
        if (table ~ /\.registry\.(mirrors|auths)\./ || table ~ /\.registry\.configs\..*\.tls\]$/) isInline = 1
      } else if ((table, keyOf($0)) in settingAt) isSet[table, keyOf($0)] = 1
    }
    END {
      if (usesPath && isInline) exit 4
      table = ""
      for (number = 1; number <= count; number++) {
        line = lines[number]
        if (clean(line) ~ /^\[/) {
          table = headerOf(line)
          print line
          for (at = 1; at <= settingCount[table]; at++) {
            if (!((table, keyOf(settings[table, at])) in isSet)) print indentationOf(line) "  " settings[table, at]
          }
        } else if (clean(line) ~ /=/ && (table, keyOf(line)) in settingAt) {
          wanted = settingAt[table, keyOf(line)]
          print (clean(line) == wanted ? line : indentationOf(line) wanted)
        } else print line
      }
      for (at = 1; at <= tableCount; at++) {
        table = tables[at]
        if (table in isThere) continue
        print ""
        print table
        for (setting = 1; setting <= settingCount[table]; setting++) print settings[table, setting]
      }
    }
  ' "$work/section" "$2" || status=$?
  case $status in
    0) ;;
    4) fail "/etc/containerd/config.toml has mirrors or TLS settings of its own, which do not go with config_path: remove them, or put the file into the repository as containerdConfig of the node" ;;
    *) fail 'the section could not be merged into /etc/containerd/config.toml' ;;
  esac
}
`;
