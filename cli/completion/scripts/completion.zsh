#compdef PROGRAM
# Completes PROGRAM in zsh.
_PROGRAM() {
  local line paths value
  local -a candidates
  for line in "${(@f)$("${(Q)words[1]}" complete --word="$PREFIX" -- "${(@Q)words[2,CURRENT-1]}" 2> /dev/null)}"; do
    case $line in
      :files) paths=-f ;;
      :directories) paths=-/ ;;
      ?*)
        # A colon ends the value and begins the description.
        value=${${line%%$'\t'*}//:/\\:}
        [[ $line != *$'\t'* ]] || value+=:${line#*$'\t'}
        candidates+=("$value")
        ;;
    esac
  done
  (($#candidates == 0)) || _describe value candidates
  if [[ -n $paths ]]; then
    [[ $PREFIX != -*=* ]] || compset -P '*='
    _files $paths
  fi
}
compdef _PROGRAM PROGRAM
