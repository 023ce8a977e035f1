import ArgumentParser
import Profiles

/// The command `millm` itself: the commands that it has and the options that all of them share.
struct Millm: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "millm",
        abstract: "Keeps steering profiles, and says which one a running model follows.",
        discussion: """
            A profile is a YAML file in the directory of profiles; its id is the file's name without the \
            extension. The symbolic link 'active' points at the profile that the daemon millmd applies.

            EXAMPLES:
              millm list                       every profile, and which one is active
              millm activate pirate --wait     switch, and return once the model follows
              millm validate                   check every file and the link
              millm status --watch             see what the daemon does, as it happens

            EXIT CODES:
              0  fine
              1  findings, differences or a refused request
              2  wrong usage, or a file that cannot be read or written
              3  saved, but the running daemon rejected it (with --wait)

            ENVIRONMENT:
              MILLM_PROFILES   the directory of profiles, where --profiles names none
              MILLM_TEMPLATES  a folder with templates for 'millm new'
              MILLM_SAE        the SAE that 'millm features' shows, where --sae names none
              COLUMNS          the width of the terminal, where it does not tell the right one
              NO_COLOR         if it is not empty, nothing is coloured unless --color asks for it
              XDG_STATE_HOME   where the daemon leaves its status and history; ~/.local/state without it

            COMPLETION:
              millm --generate-completion-script bash   prints what makes Tab complete; or zsh, or fish

            FILES:
              profiles/*.yaml                 a profile each; .yml and .json are read, too
              profiles/active                 the link to the active profile's file
              ~/.local/state/millm/           a folder for each directory of profiles: status, history, lock
            """,
        version: Product.version,
        subcommands: [
            ListCommand.self,
            ShowCommand.self,
            ActiveCommand.self,
            ActivateCommand.self,
            DeactivateCommand.self,
            StatusCommand.self,
            ValidateCommand.self,
            NewCommand.self,
            SetCommand.self,
            UnsetCommand.self,
            RenameCommand.self,
            CopyCommand.self,
            DeleteCommand.self,
            ImportCommand.self,
            ExportCommand.self,
            DiffCommand.self,
            HistoryCommand.self,
            RollbackCommand.self,
            MigrateCommand.self,
            RepairCommand.self,
            FeaturesCommand.self,
            SchemaCommand.self,
            ManualCommand.self,
        ]
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions
}
