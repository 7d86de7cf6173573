# case: nest_and_tf_keras
# style: tf.keras instead of keras, tf.nest.map_structure instead of a loop

# %% gradient_step
def gradient_step(model, loss_fn, x, y, learning_rate):
    weights = model.trainable_weights
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x))
    tf.nest.map_structure(
        lambda weight, gradient: weight.assign_sub(learning_rate * gradient),
        weights,
        tape.gradient(loss, weights),
    )
    return float(loss)

# %% weight_trajectory
def weight_trajectory(model, x, y, epochs):
    from tensorflow.keras.callbacks import Callback

    class GetWeights(Callback):
        def __init__(self):
            super(GetWeights, self).__init__()
            self.weight_dict = {}

        def on_train_begin(self, logs=None):
            self.weight_dict[0] = self.model.get_weights()

        def on_epoch_end(self, epoch, logs=None):
            self.weight_dict[epoch + 1] = self.model.get_weights()

    gw = GetWeights()
    model.fit(x, y, epochs=epochs, callbacks=[gw], verbose=0)
    return list(gw.weight_dict.values())

# %% train_with
def train_with(optimizer_name, model, x, y, epochs):
    opt = tf.keras.optimizers.Adam(learning_rate=0.01)
    if optimizer_name != "adam":
        opt = tf.keras.optimizers.SGD(learning_rate=0.05, momentum=dict(sgd=0.0, momentum=0.9)[optimizer_name])
    model.compile(opt, loss=tf.keras.losses.MeanSquaredError(), metrics=["mae"])
    return model.fit(x, y, epochs=epochs, validation_data=(x, y), verbose=0)

# %% freeze_first_layer
def freeze_first_layer(model):
    for weight in model.layers[0].weights:
        weight.trainable = False
    return model
