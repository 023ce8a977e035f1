import Glibc
import MillmCommands

// A reader that goes away ends the process in silence, also where the parent had this signal ignored.
signal(SIGPIPE, SIG_DFL)

StandardConsole.reserveDescriptors()

exit(await MillmTool.run(Array(CommandLine.arguments.dropFirst()), in: .process))
