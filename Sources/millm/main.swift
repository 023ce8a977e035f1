import Glibc
import MillmCommands
import Profiles

// A reader that goes away ends the process in silence, also where the parent had this signal ignored.
signal(SIGPIPE, SIG_DFL)

StandardConsole.reserveDescriptors()

// Swift's own arguments have U+FFFD where the bytes are not UTF-8, and would name another file.
for index in CommandLine.arguments.indices {
    guard let argument = unsafe CommandLine.unsafeArgv[index], unsafe String(validatingCString: argument) == nil else {
        continue
    }
    let bytes = unsafe UnsafeRawBufferPointer(start: argument, count: strlen(argument))
    let shown = unsafe String(showing: bytes).escapedForDisplay
    exit(MillmTool.refuse("'\(shown)' is not UTF-8, as ids and options are. Name the file's directory.", in: .process))
}

exit(await MillmTool.run(Array(CommandLine.arguments.dropFirst()), in: .process))
