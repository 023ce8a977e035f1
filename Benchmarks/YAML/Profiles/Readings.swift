import CYAML
import Profiles

/// Reads a file as the daemon does.
func readProfile(_ bytes: [UInt8]) {
    let decoded = ProfileDecoder.decode(bytes, file: "profile.yaml")
    precondition(decoded.diagnostics.isEmpty)
}

/// Runs through libyaml's events and drops each: what any reader on top of libyaml pays at least.
func readEvents(_ bytes: [UInt8]) {
    var parser = unsafe yaml_parser_t()
    guard unsafe yaml_parser_initialize(&parser) == 1 else { fatalError("no memory") }
    defer { unsafe yaml_parser_delete(&parser) }
    unsafe bytes.withUnsafeBufferPointer { buffer in
        unsafe yaml_parser_set_input_string(&parser, buffer.baseAddress, buffer.count)
        var event = unsafe yaml_event_t()
        var isAtEnd = false
        while !isAtEnd {
            precondition(unsafe yaml_parser_parse(&parser, &event) == 1)
            isAtEnd = unsafe event.type == YAML_STREAM_END_EVENT
            unsafe yaml_event_delete(&event)
        }
    }
}
