/// The completion scripts that the parser generates know the commands by their own names alone, and nothing behind
/// `help`; the one for bash leaves `$` and backticks in a name to be expanded.
enum CompletionScript {
    /// A script that knows the aliases, too, and what there is help for, and puts no command into the line.
    ///
    /// - Parameter text: A script for any shell; another text stays as it is.
    static func completed(_ text: String) -> String {
        let known = places.reduce(text) { text, place in
            text.replacing(place.line, with: CommandNames.aliases.map(place.renaming).joined() + place.line)
        }
        return helpPlaces.reduce(known.replacing(adding.parsers, with: adding.ours)) { text, place in
            text.replacing(place.line, with: place.completing(CommandNames.shown.joined(separator: " ")))
        }
    }

    /// The lines of the scripts for bash, zsh and fish at which they are about to look at the command, and what has to
    /// stand before each to make an alias the command's own name.
    private static let places: [(line: String, renaming: @Sendable ((alias: String, name: String)) -> String)] = [
        (
            #"    local -r subcommand="${unparsed_words[0]}""# + "\n",
            { #"    [[ "${unparsed_words[0]}" = '\#($0.alias)' ]] && unparsed_words[0]='\#($0.name)'"# + "\n" }
        ),
        (
            #"        case "${words[1]}" in"# + "\n",
            { #"        [[ "${words[1]}" = '\#($0.alias)' ]] && words[1]='\#($0.name)'"# + "\n" }
        ),
        (
            "        switch $unparsed_tokens[1]\n",
            { #"        test "$unparsed_tokens[1]" = '\#($0.alias)'; and set unparsed_tokens[1] '\#($0.name)'"# + "\n" }
        ),
    ]

    /// How bash's script adds what it has found. Readline quotes all other characters where they stand for themselves;
    /// in a quoted word it would quote nothing.
    private static let adding = (
        parsers: """
        __millm_add_completions() {
            local completion
            while IFS='' read -r completion; do
                COMPREPLY+=("${completion}")
            done < <(IFS=$'\\n' compgen "${@}" -- "${cur}")
        }
        """,
        ours: """
        __millm_add_completions() {
            local completion
            local -a found=()
            while IFS='' read -r completion; do
                found+=("${completion}")
            done < <(IFS=$'\\n' compgen "${@}" -- "${cur}")
            if [[ "${found[*]}" = *[\\`\\$]* ]]; then
                compopt +o filenames 2>/dev/null
                [[ "${COMP_WORDS[COMP_CWORD]}" = [\\"\\']* ]] && found=()
                for completion in "${found[@]}"; do
                    COMPREPLY+=("$(printf '%q' "${completion}")")
                done
            else
                COMPREPLY+=("${found[@]}")
            fi
        }
        """
    )

    /// The lines of the scripts for bash, zsh and fish that are about `help`, and what makes each complete the commands.
    private static let helpPlaces: [(line: String, completing: @Sendable (_ names: String) -> String)] = [
        (
            "_millm_help() {\n    repeating_flags=()\n",
            {
                "_millm_help() {\n"
                    + #"    [[ "${#unparsed_words[@]}" -le 1 ]] && COMPREPLY+=($(compgen -W '\#($0)' -- "${cur}"))"#
                    + "\n    repeating_flags=()\n"
            }
        ),
        ("        '*:subcommands:'\n", { "        ':subcommand:(\($0))'\n" }),
        (
            "complete -c 'millm' -n '__millm_should_offer_completions_for_flags_or_options \"millm help\" version'",
            {
                "complete -c 'millm' -n '__millm_should_offer_completions_for_positional \"millm help\" -eq 1' -fa '\($0)'\n"
                    + "complete -c 'millm' -n '__millm_should_offer_completions_for_flags_or_options \"millm help\" version'"
            }
        ),
    ]
}
