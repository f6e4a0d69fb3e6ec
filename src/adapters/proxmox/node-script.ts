/** First line of each script for a node: the product's programs are in the folders of administrators. */
export const adminPath = 'PATH="$PATH:/usr/sbin:/usr/bin:/sbin:/bin"';
