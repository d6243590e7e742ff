/**
 * React decides while it is loaded whether to be the one for developers, which checks everything and takes twice as long for a page. So
 * this is imported before it; whoever sets NODE_ENV has decided.
 */
process.env.NODE_ENV ??= 'production';
