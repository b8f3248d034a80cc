using System.Text;
using Pipeline.Jobs;
using Pipeline.Jobs.Shell;

// Chinese encodings of exports (GB18030, Big5) come with the framework but are off until registered.
Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

return await CommandLine.InvokeAsync(Commands.Create(), args);
