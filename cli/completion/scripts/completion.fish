# Completes PROGRAM in fish.
function __PROGRAM_complete
    set -l words (commandline -opc)
    set -l word (commandline -ct)
    # The option of --option=path, of which fish knows nothing.
    set -l option (string match -r '^-[^=]*=' -- $word; or echo '')
    set -l path (string sub --start (math 1 + (string length -- $option)) -- $word)
    for line in ($words[1] complete --word="$word" -- $words[2..] 2>/dev/null)
        switch $line
            case :files
                printf '%s\n' $option(complete -C "'' $path")
            case :directories
                printf '%s\n' $option(complete -C "'' $path" | string match -r '.*/$')
            case '*'
                echo $line
        end
    end
end
complete -c PROGRAM -f -a '(__PROGRAM_complete)'
