/// Lets libFuzzer, whose `main` is this program's, look for bytes that break what must hold of reading, editing and
/// migrating. `make fuzz` runs it.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    unsafe FuzzedInput(Array(UnsafeBufferPointer(start: data, count: size))).check()
    return 0
}
