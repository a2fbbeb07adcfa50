# Completes PROGRAM in bash 4.4 and newer.
_PROGRAM() {
  local i value word= words=()
  # Readline takes --option=value for three words.
  for ((i = 1; i <= COMP_CWORD; i++)); do
    if [[ ${COMP_WORDS[i]} == = || ${COMP_WORDS[i - 1]} == = ]]; then
      word+=${COMP_WORDS[i]}
    else
      ((i == 1)) || words+=("$word")
      word=${COMP_WORDS[i]}
    fi
  done
  COMPREPLY=()
  while IFS=$'\t' read -r value _; do
    case $value in
      :files) compopt -o default ;;
      :directories) compopt -o dirnames ;;
      -*=*) COMPREPLY+=("${value#*=}") ;;
      *) COMPREPLY+=("$value") ;;
    esac
  done < <("${COMP_WORDS[0]}" complete --word="$word" -- "${words[@]}" 2> /dev/null)
}
complete -F _PROGRAM PROGRAM
