/// The completion scripts that the parser generates know the commands by their own names alone.
enum CompletionScript {
    /// A script that knows the aliases, too: where it looks at the command, an alias becomes the command's own name.
    ///
    /// - Parameter text: A script for any shell; another text stays as it is.
    static func knowingAliases(_ text: String) -> String {
        places.reduce(text) { text, place in
            text.replacing(place.line, with: CommandNames.aliases.map(place.renaming).joined() + place.line)
        }
    }

    /// The lines of the scripts for bash, zsh and fish at which they are about to look at the command, and what has to
    /// stand before each to make an alias a name.
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
}
