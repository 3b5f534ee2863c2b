// Tests are quiet when they are green: the SDK's notice about later versions of itself is no news.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
