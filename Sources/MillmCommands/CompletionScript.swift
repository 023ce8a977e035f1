/// The completion scripts that the parser generates know the commands by their own names alone, and nothing behind
/// `help`.
enum CompletionScript {
    /// A script that knows the aliases, too, and what there is help for.
    ///
    /// - Parameter text: A script for any shell; another text stays as it is.
    static func completed(_ text: String) -> String {
        let known = places.reduce(text) { text, place in
            text.replacing(place.line, with: CommandNames.aliases.map(place.renaming).joined() + place.line)
        }
        return helpPlaces.reduce(known) { text, place in
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
