namespace Actors.Isolation.Wire;

/// <summary>What a frame is. The values are part of the protocol.</summary>
internal enum FrameKind : byte
{
    /// <summary>A request. Its number is the sender's own, counted from 1.</summary>
    Request = 1,

    /// <summary>The result of the request with this number.</summary>
    Reply = 2,

    /// <summary>The error of the request with this number.</summary>
    Error = 3,

    /// <summary>The sender no longer wants the result of its request with this number. The request still gets its reply or error.</summary>
    Cancel = 4,

    /// <summary>A message without a reply.</summary>
    Notice = 5,
}
