using Actors.Host;

OpenSsl.Ensure();
return await CommandTree.RunAsync(args);
