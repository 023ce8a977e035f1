// Lets libFuzzer look for bytes that break what must hold of reading, editing and migrating. 'make fuzz' runs it.
//
// An input is a file. What follows the last byte 0xFF, which no text has, chooses the edits; without one, the
// file's own bytes do.

/// libFuzzer's entry for programs with a main of their own (compiler-rt, FuzzerInterface.h).
@_silgen_name("LLVMFuzzerRunDriver")
private func runFuzzer(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

var count = unsafe CommandLine.argc
var arguments = unsafe CommandLine.unsafeArgv
let status = unsafe runFuzzer(&count, &arguments) { data, size in
    unsafe FuzzedInput(Array(UnsafeBufferPointer(start: data, count: size))).check()
    return 0
}
if status != 0 { fatalError("libFuzzer ended with \(status)") }
